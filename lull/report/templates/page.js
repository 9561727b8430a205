(function(){
var all=function(){return document.querySelectorAll("details")};
var set=function(root,open){root.querySelectorAll("details").forEach(function(d){d.open=open})};
document.querySelectorAll("[data-open]").forEach(function(b){
b.addEventListener("click",function(){set(document.getElementById(b.dataset.within),b.dataset.open==="1")})});
var before=[];
addEventListener("beforeprint",function(){before=[];all().forEach(function(d){before.push(d.open);d.open=true})});
addEventListener("afterprint",function(){all().forEach(function(d,i){d.open=before[i]})});
})();
